import { Extension, type Extensions } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { PictureNode } from './picture-node.ts';

const followable = /^(https?:\/\/|tel:|mailto:|\/)/i;

/** Centred or right-aligned paragraphs: notices end with a signature and a date on the right. */
const Alignment = Extension.create({
  name: 'alignment',
  addGlobalAttributes() {
    return [
      {
        types: ['paragraph', 'heading'],
        attributes: {
          textAlign: {
            default: null,
            parseHTML: (element) =>
              /^(center|right)$/.test(element.style.textAlign) ? element.style.textAlign : null,
            renderHTML: (attrs) => (attrs.textAlign ? { style: `text-align: ${attrs.textAlign}` } : {}),
          },
        },
      },
    ];
  },
});

/** Exactly the nodes and marks of `shared/document.ts`; anything more would be lost at saving. */
export const editorExtensions: Extensions = [
  StarterKit.configure({
    code: false,
    codeBlock: false,
    trailingNode: false,
    heading: { levels: [2, 3] },
    link: {
      openOnClick: false,
      autolink: true,
      defaultProtocol: 'https',
      isAllowedUri: (url) => followable.test(url),
      HTMLAttributes: { rel: 'noopener noreferrer', target: '_blank' },
    },
  }),
  Alignment,
  PictureNode.configure({ inline: false, allowBase64: false }),
];
