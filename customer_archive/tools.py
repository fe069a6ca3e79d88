from odoo.tools.misc import babel_locale_parse, get_lang


def join_texts(env, texts):
    """Put ``texts`` in a row, between them the comma of the reader's language."""
    locale = babel_locale_parse(get_lang(env).code)
    comma = locale.list_patterns["standard"]["start"].format("", "")
    return comma.join(texts)
