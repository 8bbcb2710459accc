import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";

const SHOWN = 12;
const fold = (text) => text.toLowerCase().replace(/[\s\p{P}]+/gu, "");

/** From which syllable on the words begin the name in pinyin or initials, -1 for none. */
export function matchSyllables(syllables, query) {
    for (let start = 0; start < syllables.length; start++) {
        const rest = syllables.slice(start);
        const initials = rest.map((syllable) => syllable[0]).join("");
        if (rest.join("").startsWith(query) || initials.startsWith(query)) {
            return start;
        }
    }
    return -1;
}

/** The problems that somebody may mean, the likeliest first. */
export function matchProblems(problems, words) {
    const query = fold(words);
    if (!query) {
        return [];
    }
    const found = [];
    for (const [index, problem] of problems.entries()) {
        const inName = fold(problem.name).indexOf(query);
        const inSyllables = matchSyllables(problem.syllables, query);
        const starts = [inName, inSyllables].filter((place) => place >= 0);
        if (starts.length) {
            found.push({ problem, rank: Math.min(...starts), index });
        } else if (fold(problem.category).includes(query)) {
            found.push({ problem, rank: 100, index });
        }
    }
    found.sort((a, b) => a.rank - b.rank || a.index - b.index);
    return found.slice(0, SHOWN).map((row) => row.problem);
}

/** Type-ahead over all problems, without asking the server. */
export class ProblemSearch extends Component {
    static template = "property_service.ProblemSearch";
    static components = { AutoComplete };
    static props = { problems: Array, onSelect: Function };

    get placeholder() {
        return _t("What is wrong? Characters, pinyin or initials");
    }

    get sources() {
        return [
            {
                optionSlot: "option",
                options: (query) => {
                    const rows = matchProblems(this.props.problems, query);
                    if (query && !rows.length) {
                        return [
                            { label: _t("No such problem"), data: { empty: true } },
                        ];
                    }
                    return rows.map((problem) => ({
                        label: problem.name,
                        data: { problem },
                        onSelect: () => this.props.onSelect(problem),
                    }));
                },
            },
        ];
    }
}
