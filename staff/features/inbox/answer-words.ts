/** Words that something beside the answer box puts into it: a returned answer, a suggested one, a template. */
import { useEffect } from 'react';

export type PutIn = {
  words: string;
  /** `replace`: these words and no others. */
  how: 'replace' | 'append';
  /** The entry of the knowledge base that they come from. */
  entryId?: string;
};
type Listener = (put: PutIn) => void;
const boxes = new Map<string, Listener>();

export function putIntoAnswer(conversationId: string, put: PutIn): void {
  boxes.get(conversationId)?.(put);
}

export function useWordsPutIn(conversationId: string, take: Listener): void {
  useEffect(() => {
    boxes.set(conversationId, take);
    return () => {
      if (boxes.get(conversationId) === take) boxes.delete(conversationId);
    };
  }, [conversationId, take]);
}
