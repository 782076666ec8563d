/**
 * Ends this process as soon as the one that started it is gone, however that ended: without its stand-ins nobody needs
 * the sandbox's service. A process that was started without a channel (`ipc`) goes on.
 */
export function endWithParent(): void {
  const end = () => process.exit(1);
  if (process.connected === false) end();
  process.once('disconnect', end);
  // Listening alone must not keep a service alive that cannot start.
  process.channel?.unref();
}
