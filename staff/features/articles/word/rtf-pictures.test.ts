import { describe, expect, test } from 'vitest';
import { picturesOfRtf } from './rtf-pictures.ts';

const png = '89504e470d0a1a0a0000000d';
const jpeg = 'ffd8ffe000104a4649460001';

describe('pictures in RTF', () => {
  test('are read in order, with line breaks inside the hex', () => {
    const rtf = `{\\rtf1\\ansi {\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn a}{\\sv 1}}}\\picw10\\pich10\\pngblip\\bliptag-5{\\*\\blipuid 0a1b2c}
${png.slice(0, 10)}\n${png.slice(10)}}}{\\nonshppict{\\pict\\wmetafile8 0100}} text {\\pict\\jpegblip ${jpeg}}}`;
    const pictures = picturesOfRtf(rtf);
    expect(pictures.map((picture) => picture?.mime)).toEqual(['image/png', 'image/jpeg']);
    expect([...(pictures[0]?.bytes ?? [])].slice(0, 4)).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(pictures[1]?.bytes).toHaveLength(12);
  });

  test('that stand beside the text or repeat it are left out', () => {
    const rtf = `{\\rtf1{\\header{\\pict\\pngblip ${png}}}{\\*\\listpicture{\\pict\\pngblip ${png}}}{\\nonshppict{\\pict\\pngblip ${png}}}}`;
    expect(picturesOfRtf(rtf)).toEqual([]);
  });

  test('of another kind keep their place as a gap', () => {
    const rtf = `{\\rtf1{\\pict\\emfblip 01000000aabbccddeeff}{\\pict\\pngblip ${png}}}`;
    expect(picturesOfRtf(rtf).map((picture) => picture?.mime ?? null)).toEqual([null, 'image/png']);
  });

  test('with broken hex are a gap, not a crash', () => {
    expect(picturesOfRtf('{\\rtf1{\\pict\\pngblip 89504e4}}')).toEqual([null]);
    expect(picturesOfRtf('{\\rtf1{\\pict\\pngblip 89504e47')).toEqual([null]);
  });
});
