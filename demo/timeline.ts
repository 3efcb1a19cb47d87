/** Prints who did what and what was heard live, each with the time since the start. */
export class Timeline {
  readonly #start = performance.now()

  heading(title: string): void {
    console.info(`\n${title}`)
  }

  note(words: string): void {
    this.#line('', words)
  }

  application(words: string): void {
    this.#line('application', words)
  }

  wallet(words: string): void {
    this.#line('wallet', words)
  }

  live(message: unknown): void {
    this.#line('live', JSON.stringify(message))
  }

  #line(who: string, words: string): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(2).padStart(6)
    console.info(`${seconds} s  ${who.padEnd(11)}  ${words}`)
  }
}
