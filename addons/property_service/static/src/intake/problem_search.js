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

/** Whether the letters occur in the initials in this order. */
export function matchInitials(syllables, query) {
    let place = 0;
    for (const syllable of syllables) {
        if (syllable[0] === query[place]) {
            place++;
        }
    }
    return place === query.length;
}

const pairs = (text) => {
    const signs = [...text];
    return signs.slice(1).map((sign, index) => signs[index] + sign);
};

/**
 * What is closest to a sentence that names no problem word for word: two signs in a row
 * that they have in common are enough, and the fewer problems have them, the more they say.
 */
function guessProblems(problems, query) {
    const asked = new Set(pairs(query));
    const rows = problems.map((problem, index) => {
        const own = pairs(fold(problem.name));
        const shared = [...new Set(own)].filter((pair) => asked.has(pair));
        const place = own.findIndex((pair) => asked.has(pair));
        return { problem, index, shared, place, weight: 0 };
    });
    const counts = {};
    for (const pair of rows.flatMap((row) => row.shared)) {
        counts[pair] = (counts[pair] || 0) + 1;
    }
    for (const row of rows) {
        row.weight = row.shared.reduce((sum, pair) => sum + 1 / counts[pair], 0);
        if (query.length > 2 && matchInitials(row.problem.syllables, query)) {
            row.weight += 1;
        }
    }
    return rows
        .filter((row) => row.weight)
        .sort((a, b) => b.weight - a.weight || a.place - b.place || a.index - b.index);
}

/** The problems that somebody may mean, the likeliest first. */
export function matchProblems(problems, words) {
    const query = fold(words);
    if (!query) {
        return [];
    }
    let found = [];
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
    if (!found.length && /[^\x00-\x7f]|^[a-z]+$/.test(query)) {
        found = guessProblems(problems, query);
    }
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
