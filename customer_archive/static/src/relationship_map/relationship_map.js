import {HierarchyModel} from "@web_hierarchy/hierarchy_model";
import {HierarchyRenderer} from "@web_hierarchy/hierarchy_renderer";
import {hierarchyView} from "@web_hierarchy/hierarchy_view";
import {registry} from "@web/core/registry";

/** All persons of a dossier at once, and the gaps in our relations with them. */
class RelationshipMapModel extends HierarchyModel {
    get defaultDomain() {
        // A dossier has few persons: no need to unfold them branch by branch
        return [];
    }

    async _loadData(config) {
        const dossierId = config.context?.default_dossier_id;
        const gaps = dossierId
            ? this.orm.read("customer.dossier", [dossierId], ["relation_gaps"])
            : [{}];
        const [persons, [dossier]] = await Promise.all([
            super._loadData(...arguments),
            gaps,
        ]);
        this.gaps = dossier.relation_gaps;
        return persons;
    }

    _formatData(data) {
        const persons = new Map(data.map((person) => [person.id, person]));
        const roots = [];
        for (const person of persons.values()) {
            const superior = persons.get(person[this.parentFieldName]?.id);
            if (superior) {
                superior.branch = [...(superior.branch || []), person];
            } else {
                roots.push(person);
            }
        }
        for (const person of persons.values()) {
            if (person.branch) {
                person[this.childFieldName] = person.branch;
                delete person.branch;
            }
        }
        return roots;
    }
}

class RelationshipMapRenderer extends HierarchyRenderer {
    static template = "customer_archive.RelationshipMapRenderer";
}

registry.category("views").add("customer_relationship_map", {
    ...hierarchyView,
    Model: RelationshipMapModel,
    Renderer: RelationshipMapRenderer,
});
