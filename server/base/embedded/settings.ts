import { zone } from '../clock.ts';

export type ServerSettings = { port: number; fsync: boolean };

/**
 * Passed on the command line, not written to postgresql.conf, so that the settings are always this version's.
 * The aim is a small machine shared with the server: about 350 MB for both when idle.
 */
export function settingsArguments({ port, fsync }: ServerSettings): string[] {
  const settings: Record<string, string> = {
    // Loopback only. No Unix socket: its path limit (107 bytes) would forbid deep data directories.
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: 'huisheng',

    max_connections: '60',
    shared_buffers: '64MB',
    effective_cache_size: '1GB',
    // Data directories are on SSDs; the default of 4 scares the planner away from indexes.
    random_page_cost: '1.1',
    jit: 'off',

    // Each of these is processes that would sit idle: I/O workers, replication, parallel query, vacuum slots.
    io_method: 'sync',
    max_logical_replication_workers: '0',
    max_wal_senders: '0',
    max_worker_processes: '2',
    max_parallel_workers_per_gather: '0',
    autovacuum_max_workers: '2',
    autovacuum_worker_slots: '2',

    // No replica is ever fed from here (backups are our own COPY), so the log holds only what recovery needs.
    wal_level: 'minimal',
    min_wal_size: '80MB',
    max_wal_size: '512MB',

    timezone: zone,
    log_timezone: zone,
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // Statements and details carry citizens' data; the log may be sent to someone for help.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  // A test cluster is thrown away, so it need not survive a power cut.
  if (!fsync) Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
