export const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * Put a photo into a file input, as choosing one from the phone does.
 *
 * @param {HTMLInputElement} input
 * @param {string} name of the file
 */
export function choosePhoto(input, name) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: "image/png" }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Draw a line on a canvas with a finger.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function drawOn(canvas) {
    const box = canvas.getBoundingClientRect();
    const send = (type, part) =>
        canvas.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                pointerId: 1,
                pointerType: "touch",
                isPrimary: true,
                buttons: type === "pointerup" ? 0 : 1,
                pressure: 0.5,
                clientX: box.left + box.width * part,
                clientY: box.top + box.height * (0.3 + 0.4 * part),
            }),
        );
    send("pointerdown", 0.2);
    for (const part of [0.3, 0.4, 0.5, 0.6, 0.7]) {
        send("pointermove", part);
    }
    send("pointerup", 0.8);
}
