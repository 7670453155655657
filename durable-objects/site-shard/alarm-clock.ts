// The object's one alarm, set only when it would ring too late: each setting is a row written.

export interface AlarmClock {
  /** Sees to it that the alarm rings by then. */
  ringBy(time: number): Promise<void>;
  /** It rang, or storage was emptied: none is set. */
  clear(): void;
}

export function createAlarmClock(storage: DurableObjectStorage): AlarmClock {
  /** Null when none is set, undefined until asked. */
  let setTo: number | null | undefined;
  return {
    async ringBy(time) {
      if (setTo === undefined) {
        const held = await storage.getAlarm();
        // Another call may have set one meanwhile.
        if (setTo === undefined) setTo = held;
      }
      if (setTo !== null && setTo <= time) return;
      setTo = time;
      await storage.setAlarm(time);
    },
    clear() {
      setTo = null;
    },
  };
}
