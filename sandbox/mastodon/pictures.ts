/** Pictures: taken at once, ready later. */
import { sniffPicture } from '../core/media.ts';
import { type Call, Reply } from './call.ts';
import { describePicture } from './describe.ts';
import { invalid, notFound } from './refusal.ts';
import { newId, type Picture, PLATFORM, stateOf } from './state.ts';

/** `POST /api/v2/media`: 202 with no address while it is processed, 200 when it is ready at once. */
export function uploadPicture({ world, account, file, fields, base }: Call): unknown {
  if (!file) throw invalid("File can't be blank");
  const mime = sniffPicture(file);
  if (mime === null || mime === 'image/bmp')
    throw invalid('File type of uploaded media could not be verified');
  if (file.length > stateOf(world).limits.pictureBytes) throw invalid('File is too large');
  const picture: Picture = {
    id: newId(world),
    by: account.id,
    sha256: world.media.keep(file),
    description: typeof fields.description === 'string' ? fields.description : '',
    readyAt: world.clock.now() + account.pictureDelayMs,
    statusId: null,
  };
  stateOf(world).pictures.push(picture);
  world.ledger.append({
    platform: PLATFORM,
    account: account.key,
    kind: 'media.uploaded',
    key: picture.id,
    detail: { sha256: picture.sha256, description: picture.description },
  });
  const ready = account.pictureDelayMs === 0;
  return new Reply(ready ? 200 : 202, describePicture(picture, base, ready));
}

/** `GET /api/v1/media/:id`: 206 until it is ready; not found once a status has it. */
export function showPicture({ world, account, params, base }: Call): unknown {
  const picture = stateOf(world).pictures.find(
    (candidate) => candidate.id === params.id && candidate.by === account.id && candidate.statusId === null,
  );
  if (!picture) throw notFound();
  const ready = picture.readyAt <= world.clock.now();
  return new Reply(ready ? 200 : 206, describePicture(picture, base, ready));
}
