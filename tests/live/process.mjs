// The two things that every process of these tests does: say that it is ready, and end with whoever started it.

/** Prints one line of JSON: the reader on the other side starts when it has come. */
export function sayReady(facts) {
  process.stdout.write(`${JSON.stringify({ ready: true, ...facts })}\n`);
}

/** Ends this process when standard input closes, so nothing outlives a test run that was killed. */
export function endWithParent() {
  process.stdin.on('end', () => process.exit(0)).resume();
}
