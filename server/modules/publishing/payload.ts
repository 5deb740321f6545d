import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { findPackage, openPackage } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { DeliveryRecord } from './store.ts';

/** What a delivery sends. @throws {AppError} not-found for a registered post, which has no package */
export async function payloadOf(
  tx: Tx,
  delivery: Pick<DeliveryRecord, 'bureau_id' | 'package_id'>,
): Promise<PackagePayload> {
  const { bureau_id: bureauId, package_id: packageId } = delivery;
  const stored = packageId === null ? undefined : await findPackage(tx, bureauId, packageId);
  if (!stored) throw new AppError('not-found');
  return openPackage(stored);
}
