// A photo is made small before it is sent: a square of 256 pixels from its middle, the right way up, and nothing of where it was
// taken. Without scripts it goes as it is, and the server takes away what tells more than the picture.
const SIDE = 256;
for (const input of document.querySelectorAll("[data-portrait]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return; // no picture: the server says so
    }
    const side = Math.min(picture.width, picture.height);
    const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    const type = file.type === "image/png" ? "image/png" : "image/jpeg";
    const small = await new Promise((done) => canvas.toBlob(done, type, 0.9));
    if (!small || input.files[0] !== file) return; // another was chosen meanwhile
    const carrier = new DataTransfer();
    carrier.items.add(new File([small], file.name, { type }));
    input.files = carrier.files;
    const shown = input.closest("form").querySelector(".avatar");
    canvas.setAttribute("aria-hidden", "true");
    canvas.className = "avatar avatar-l";
    shown?.replaceWith(canvas);
  });
}
