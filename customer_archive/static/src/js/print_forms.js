import {download} from "@web/core/network/download";
import {getReportUrl} from "@web/webclient/actions/reports/utils";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/**
 * Download the archive's own forms at once.
 *
 * Odoo asks first whether the server has the program that makes PDF of web pages,
 * and shows a web page instead where it has not. These forms need no such program.
 */
async function printForm(action, options, env) {
    const isOurs = /^customer_archive\w*\./.test(action.report_name);
    if (action.report_type !== "qweb-pdf" || !isOurs) {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf"), action.report_type]),
                context: JSON.stringify({...user.context, ...action.context}),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("customer_archive", printForm);
