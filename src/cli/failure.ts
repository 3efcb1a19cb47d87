/** What went wrong as one line for the person at the terminal. */
export const clearLine = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE')
    return `port ${port ?? ''} on ${address ?? ''} is already in use; choose another with --port`
  if (code === 'EACCES' && port !== undefined) return `this user may not listen on port ${port}`
  if (code === 'EADDRNOTAVAIL') return `${address ?? 'the address'} is no address of this machine`
  return error.message.split('\n', 1)[0]!
}
