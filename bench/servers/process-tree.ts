import { readFileSync } from 'node:fs'
import type { Milliseconds } from '../../src/clock.ts'

/** What the kernel says of a process and those it started: the same for every program, and nothing runs inside it. */

/** Its own id first. */
export const processTree = (pid: number): number[] => {
  const children = read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((id) => id !== '')
  return [pid, ...children.flatMap((id) => processTree(Number(id)))]
}

/** In user and system mode, all threads, since they began. The kernel gives it in steps of 10 ms. */
export const cpuTimeOf = (pid: number): Milliseconds =>
  processTree(pid)
    .map((id) => {
      // after the name, which may hold anything, utime and stime are the 12th and 13th
      const fields = read(`/proc/${id}/stat`).split(') ').at(-1)!.split(' ')
      return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10
    })
    .reduce((sum, one) => sum + one, 0)

/** Resident bytes. What processes share counts once for each: only differences mean something. */
export const residentBytesOf = (pid: number): number => sumOfStatus(pid, 'VmRSS')

/** The most there ever was. */
export const peakBytesOf = (pid: number): number => sumOfStatus(pid, 'VmHWM')

const sumOfStatus = (pid: number, key: string): number =>
  processTree(pid)
    .map((id) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(read(`/proc/${id}/status`))?.[1] ?? 0) * 1024)
    .reduce((sum, one) => sum + one, 0)

/** A process that has just ended has nothing any more. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
