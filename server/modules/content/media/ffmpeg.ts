/** ffmpeg and ffprobe as programs beside this one. Their input is always read as MP4/MOV and from one file alone. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '#server/base/app-error.ts';

const run = promisify(execFile);
/** A file of 4 GB is copied in a minute or two; what takes longer hangs. */
const timeout = 15 * 60_000;
/** Never a playlist, a device or an address: a crafted file could name some. */
const input = (path: string) => ['-protocol_whitelist', 'file', '-f', 'mov', '-i', `file:${path}`];
const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error'];

export async function isThere(ffmpeg: string): Promise<boolean> {
  return Promise.all([run(ffmpeg, ['-version']), run(ffprobeOf(ffmpeg), ['-version'])]).then(
    () => true,
    () => false,
  );
}

const ffprobeOf = (ffmpeg: string): string => ffmpeg.replace(/ffmpeg(\.exe)?$/, 'ffprobe$1');

const Probe = z.object({
  format: z.object({ duration: z.coerce.number().optional() }),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ),
});

export type Probed = {
  durationMs: number;
  width: number;
  height: number;
  rotation: number;
  codec: string;
  audio: string | null;
};

/** @throws {AppError} video-unreadable */
export async function probeVideo(ffmpeg: string, path: string): Promise<Probed> {
  const { stdout } = await run(
    ffprobeOf(ffmpeg),
    ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', ...input(path)],
    { timeout, maxBuffer: 16 * 1024 * 1024 },
  ).catch((error: unknown) => {
    throw new AppError('video-unreadable', {}, error);
  });
  const probe = Probe.safeParse(JSON.parse(stdout));
  const streams = probe.data?.streams ?? [];
  const video = streams.find((stream) => stream.codec_type === 'video');
  const durationMs = Math.round((probe.data?.format.duration ?? 0) * 1_000);
  if (!video?.width || !video.height || durationMs <= 0) throw new AppError('video-unreadable');
  // ffprobe turns anticlockwise.
  const turned = video.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const rotation = (((Math.round(-turned / 90) * 90) % 360) + 360) % 360;
  const upright = rotation % 180 === 0;
  return {
    durationMs,
    width: upright ? video.width : video.height,
    height: upright ? video.height : video.width,
    rotation,
    codec: video.codec_name ?? 'unknown',
    audio: streams.find((stream) => stream.codec_type === 'audio')?.codec_name ?? null,
  };
}

/**
 * Writes first picture and first sound anew as MP4, not encoded again: metadata, chapters, tracks of positions and
 * whatever else was in the file stay behind. Players can begin before all is there.
 * @throws {AppError} storage-full; video-convert-first when MP4 can't hold what is in it
 */
export async function rewriteVideo(ffmpeg: string, from: string, to: string): Promise<void> {
  const clean = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-write_tmcd', '0'];
  const streams = ['-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy'];
  await run(
    ffmpeg,
    [
      ...quiet,
      ...input(from),
      ...streams,
      ...clean,
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
      '-y',
      `file:${to}`,
    ],
    { timeout },
  ).catch((error: unknown) => {
    const full = String((error as { stderr?: string }).stderr).includes('No space left');
    throw new AppError(full ? 'storage-full' : 'video-convert-first', {}, error);
  });
}

/** The first frame as PNG, upright. @throws {AppError} video-unreadable */
export async function firstFrame(ffmpeg: string, path: string): Promise<Buffer> {
  const { stdout } = await run(
    ffmpeg,
    [
      ...quiet,
      ...input(path),
      '-map',
      '0:v:0',
      '-frames:v',
      '1',
      '-f',
      'image2pipe',
      '-c:v',
      'png',
      'pipe:1',
    ],
    { timeout, maxBuffer: 256 * 1024 * 1024, encoding: 'buffer' },
  ).catch((error: unknown) => {
    throw new AppError('video-unreadable', {}, error);
  });
  return stdout;
}

/** A recorded voice as AAC in MP4, which every browser plays; nothing else of the file is kept. @throws {AppError} sent-file-damaged */
export async function convertVoice(
  ffmpeg: string,
  { from, to, format }: { from: string; to: string; format: 'amr' | 'mp3' },
): Promise<void> {
  const voice = [
    '-map',
    '0:a:0',
    '-map_metadata',
    '-1',
    '-fflags',
    '+bitexact',
    '-c:a',
    'aac',
    '-b:a',
    '48k',
    '-ac',
    '1',
  ];
  await run(
    ffmpeg,
    [
      ...quiet,
      ...['-protocol_whitelist', 'file', '-f', format, '-i', `file:${from}`],
      ...voice,
      ...['-movflags', '+faststart', '-f', 'mp4', '-y', `file:${to}`],
    ],
    { timeout },
  ).catch((error: unknown) => {
    throw new AppError('sent-file-damaged', {}, error);
  });
}
