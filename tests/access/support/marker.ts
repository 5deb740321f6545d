/** Stands in every text of the home bureau that another could see by mistake. */
export const marker = '云溪独有';
