import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * SVG as PNG, in a thread of its own. The renderer and its fonts (6 MB) are loaded for the first picture, so that a
 * service that draws none never has them.
 * @throws Error when the renderer has nothing for this platform, or the fonts are missing: text would vanish in silence.
 */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return image.asPng();
}

/** Beside the bundle, found from wherever this chunk of it lies; else in the package they come from. */
function fontFiles(): string[] {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = fonts.map((font) => join(folder, 'fonts', font));
    if (found.every((file) => existsSync(file))) return found;
    if (dirname(folder) === folder) break;
  }
  const { resolve } = createRequire(import.meta.url);
  return fonts.map((font) => resolve(`dejavu-fonts-ttf/ttf/${font}`));
}
