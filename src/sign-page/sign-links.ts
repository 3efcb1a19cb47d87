/** Where the pages of one sign request are, all below the public URL (which has no slash at its end). */
export const signLink = (publicUrl: string, id: string): string => `${publicUrl}/sign/${id}`

/** The live status of one sign request: the page's own address, spoken as a WebSocket. */
export const socketLink = (publicUrl: string, id: string): string => signLink(publicUrl, id).replace(/^http/, 'ws')
