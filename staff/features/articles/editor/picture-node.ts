import Image from '@tiptap/extension-image';
import { ReactNodeViewRenderer } from '@tiptap/react';
import { PictureView } from './picture-view.tsx';

/**
 * A picture is a stored file. The address is taken from HTML only where it points to this server: a pasted page must
 * not make the desk fetch pictures from elsewhere.
 */
export const PictureNode = Image.extend({
  addAttributes() {
    return {
      fileId: {
        default: null,
        parseHTML: (element) => element.getAttribute('data-file-id'),
        renderHTML: (attrs) => (attrs.fileId ? { 'data-file-id': attrs.fileId } : {}),
      },
      src: { default: null },
      alt: { default: '' },
      pending: {
        default: null,
        parseHTML: (element) => element.getAttribute('data-pending'),
        renderHTML: (attrs) => (attrs.pending ? { 'data-pending': attrs.pending } : {}),
      },
    };
  },
  parseHTML() {
    return [{ tag: 'img[data-file-id][src^="/"]' }, { tag: 'img[data-pending]' }];
  },
  addNodeView() {
    return ReactNodeViewRenderer(PictureView);
  },
});
