import sharp from 'sharp';

/** A counter with one window, drawn here: no font is needed, so it looks the same on every machine. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600" viewBox="0 0 1200 600">
<rect width="1200" height="600" fill="#e8f0f7"/>
<rect y="430" width="1200" height="170" fill="#c9d9e6"/>
<rect x="150" y="120" width="900" height="330" rx="18" fill="#ffffff" stroke="#1f5f99" stroke-width="6"/>
<rect x="150" y="120" width="900" height="70" rx="18" fill="#1f5f99"/>
<rect x="420" y="142" width="360" height="26" rx="13" fill="#ffffff"/>
<rect x="470" y="230" width="260" height="170" rx="8" fill="#dce9f4"/>
<circle cx="600" cy="285" r="38" fill="#f2c79a"/>
<path d="M530 400 q70 -90 140 0 z" fill="#1f5f99"/>
<rect x="400" y="400" width="400" height="34" rx="6" fill="#b88746"/>
<circle cx="330" cy="360" r="40" fill="#f2c79a"/>
<path d="M255 500 q75 -120 150 0 z" fill="#c0563b"/>
<rect x="430" y="352" width="60" height="46" rx="4" fill="#ffffff" stroke="#8aa4ba" stroke-width="3" transform="rotate(-8 460 375)"/>
<rect x="850" y="240" width="140" height="150" rx="8" fill="#f4f7fa" stroke="#8aa4ba" stroke-width="3"/>
<rect x="872" y="264" width="96" height="12" rx="6" fill="#8aa4ba"/><rect x="872" y="294" width="96" height="12" rx="6" fill="#c3d2df"/>
<rect x="872" y="324" width="70" height="12" rx="6" fill="#c3d2df"/>
</svg>`;

export function drawSamplePicture(): Promise<Buffer> {
  return sharp(Buffer.from(drawing)).jpeg({ quality: 88 }).toBuffer();
}
