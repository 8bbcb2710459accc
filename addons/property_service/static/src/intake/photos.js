import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, useExternalListener, useRef, useState } from "@odoo/owl";

const LONGEST_SIDE = 1920;
const MAX_PHOTOS = 6;

/** A photo of a phone in a size that a line can carry: JPEG, at most 1920 pixels. */
export async function shrink(file) {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const url = canvas.toDataURL("image/jpeg", 0.85);
    const name = (file.name || "photo").replace(/\.\w+$/, "");
    return { name: `${name}.jpg`, data: url.split(",")[1], url };
}

/** Photos of the matter: pasted, dropped or chosen. */
export class IntakePhotos extends Component {
    static template = "property_service.IntakePhotos";
    static props = { photos: Array, onReading: Function };

    setup() {
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ isOver: false });
        useExternalListener(window, "paste", (ev) => this.onPaste(ev));
    }

    add(files) {
        const reading = this.read(files);
        this.props.onReading(reading);
        return reading;
    }

    async read(files) {
        for (const file of files) {
            let photo;
            try {
                photo = await shrink(file);
            } catch {
                this.warn(_t("%s is not a photo.", file.name));
                continue;
            }
            // Others may have been added while this one was read.
            if (this.props.photos.length >= MAX_PHOTOS) {
                this.warn(_t("At most six photos."));
                return;
            }
            this.props.photos.push(photo);
        }
    }

    warn(text) {
        this.notification.add(text, { type: "warning" });
    }

    onPaste(ev) {
        const files = [...(ev.clipboardData?.files || [])];
        const photos = files.filter((file) => file.type.startsWith("image/"));
        if (photos.length) {
            ev.preventDefault();
            this.add(photos);
        }
    }

    onDrop(ev) {
        this.state.isOver = false;
        this.add([...ev.dataTransfer.files]);
    }

    async onChoose(ev) {
        await this.add([...ev.target.files]);
        ev.target.value = "";
    }

    remove(index) {
        this.props.photos.splice(index, 1);
    }
}
