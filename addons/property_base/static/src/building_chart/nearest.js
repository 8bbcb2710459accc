/**
 * Return the element that an arrow key leads to from another one, as they lie on the
 * screen: gaps, merged cells and wrapped rows need no bookkeeping.
 *
 * @param {Element} from
 * @param {Element[]} all in reading order
 * @param {string} key `ArrowUp`, `ArrowDown`, `ArrowLeft`, `ArrowRight`, `Home`, `End`
 * @returns {Element|undefined} nothing at the border or for another key
 */
export function nearest(from, all, key) {
    const start = from.getBoundingClientRect();
    const boxes = all.map((element) => [element, element.getBoundingClientRect()]);
    const middle = (box) => (box.top + box.bottom) / 2;
    const sameRow = boxes.filter(
        ([, box]) => box.top < middle(start) && box.bottom > middle(start),
    );
    switch (key) {
        case "Home":
            return sameRow.at(0)?.[0];
        case "End":
            return sameRow.at(-1)?.[0];
        case "ArrowLeft":
            return sameRow.filter(([, box]) => box.left < start.left - 1).at(-1)?.[0];
        case "ArrowRight":
            return sameRow.find(([, box]) => box.left > start.left + 1)?.[0];
        case "ArrowUp":
            return closestRow(start, boxes, (box) => start.top - box.bottom);
        case "ArrowDown":
            return closestRow(start, boxes, (box) => box.top - start.bottom);
    }
}

/** The nearest row first, then the nearest element in it. */
function closestRow(start, boxes, distance) {
    const beyond = boxes.filter(([, box]) => distance(box) > -2);
    if (!beyond.length) {
        return undefined;
    }
    const least = Math.min(...beyond.map(([, box]) => distance(box)));
    const center = (box) => (box.left + box.right) / 2;
    const row = beyond.filter(([, box]) => distance(box) < least + 2);
    return row.reduce((best, next) =>
        Math.abs(center(next[1]) - center(start)) <
        Math.abs(center(best[1]) - center(start))
            ? next
            : best,
    )[0];
}
