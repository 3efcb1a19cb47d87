/**
 * Opens the wallet on one sign request.
 *
 * @param form a URL with `{id}`, the payload's, and perhaps `{host}`, this server's: the setting `DEEPLINK`
 */
export const deepLink = (form: string, publicUrl: string, id: string): string =>
  form.replaceAll('{host}', new URL(publicUrl).host).replaceAll('{id}', id)
