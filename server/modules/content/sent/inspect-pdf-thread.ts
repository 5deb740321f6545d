import { answerInThread } from '#server/base/threads.ts';
import { inspectPdf, type PdfProblem } from './inspect-pdf.ts';

answerInThread<Uint8Array, PdfProblem | null>(inspectPdf);
