/** Timers for a hidden page (`alarms.js`): `[id, milliseconds]` is answered with the id when the time is over. */

self.onmessage = ({ data: [id, ms] }) => {
  setTimeout(() => self.postMessage(id), ms);
};
