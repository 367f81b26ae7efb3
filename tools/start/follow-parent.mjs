// Loaded into every service before its own code: a service must not outlive the supervisor that started it,
// not even when that one was killed and could tell nobody. The channel between them closes either way.
const drainTime = 5000;

// Until the service is there to say that it ignores it.
process.on('SIGHUP', () => {});

if (process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), drainTime).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
