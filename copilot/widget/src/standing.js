// Asks the service how the call stands, when something has come: one request at a time, and never a burst of them.

const PAUSE_MS = 300;

export class Standing {
  /**
   * @param {() => Promise<object>} ask
   * @param {(answer: object) => void} take gets each answer; what fails is asked again when the next event comes
   */
  constructor(ask, take) {
    Object.assign(this, { ask, take, isAsking: false, isStale: false, isOver: false });
  }

  changed() {
    this.isStale = true;
    if (!this.isAsking) void this.askWhileStale();
  }

  stop() {
    this.isOver = true;
  }

  async askWhileStale() {
    this.isAsking = true;
    while (this.isStale && !this.isOver) {
      this.isStale = false;
      try {
        const answer = await this.ask();
        if (!this.isOver) this.take(answer);
      } catch (error) {
        console.warn("How the call stands is not known.", error);
      }
      await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
    }
    this.isAsking = false;
  }
}
