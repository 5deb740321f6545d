/** Words as people list them, parted by lines or commas; empty ones are none. */
export const toWords = (lines: string): string[] =>
  [...new Set(lines.split(/[\n，、,]/).map((word) => word.trim()))].filter(Boolean);
