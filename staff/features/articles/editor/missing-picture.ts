/** In a picture's `pending`: it could not be brought along. Any other value names an upload that is under way. */
export const missingPicture = 'missing';
