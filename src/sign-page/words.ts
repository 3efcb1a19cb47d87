import type { Standing } from './standing.ts'

/**
 * Every word that the person who signs reads, one catalogue per language. `{…}` is filled in where the words are used.
 * Another language is another catalogue of this shape.
 */
export interface Words {
  /** BCP 47. */
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly asks: string
  readonly standing: Readonly<Record<Standing, string>>
  readonly instruction: string
  readonly details: string
  readonly network: string
  readonly signers: string
  readonly transactionId: string
  readonly asJson: string
  readonly scan: string
  readonly qrAlternative: string
  readonly openWallet: string
  readonly openBy: string
  readonly timeLeft: string
  readonly continueTo: string
  readonly goingTo: string
  readonly offline: string
  readonly withoutScript: string
  readonly reload: string
  readonly safety: string
  readonly issuedBy: string
  readonly notFound: { readonly title: string; readonly text: string }
  readonly fault: { readonly title: string; readonly text: string }
  /** By the wire's name of the type; a type without an entry is called by that name. */
  readonly transactionTypes: Readonly<Record<string, string>>
  /** By the wire's name of the field; a field without an entry is called by that name. */
  readonly fields: Readonly<Record<string, string>>
}

export const english: Words = {
  language: 'en',
  direction: 'ltr',
  asks: 'asks for your signature',
  standing: {
    waiting: 'Waiting for your wallet',
    opened: 'Opened in a wallet',
    signing: 'Being signed in a wallet',
    submitted: 'Signed, on its way to the ledger',
    signed: 'Signed',
    rejected: 'Declined: nothing was signed',
    expired: 'Expired: it was not opened in time',
    cancelled: 'Withdrawn by the application',
  },
  instruction: 'Message from the application',
  details: 'What you are asked to sign',
  network: 'Network',
  signers: 'Who may sign',
  transactionId: 'Transaction',
  asJson: 'The request as JSON',
  scan: 'Scan this code with your wallet',
  qrAlternative: 'QR code that opens this request in your wallet',
  openWallet: 'Open in wallet',
  openBy: 'Open it by',
  timeLeft: 'Time left: {time}',
  continueTo: 'Continue to {host}',
  goingTo: 'Taking you to {host}',
  offline: 'No connection. Trying again.',
  withoutScript: 'Without JavaScript this page does not follow what happens.',
  reload: 'Reload it',
  safety: 'You sign in your wallet. This page never asks for a secret, a password or a seed.',
  issuedBy: '{amount}, issued by {issuer}',
  notFound: {
    title: 'No such sign request',
    text: 'The link is incomplete, or the request is no longer kept. Ask whoever sent it for a new one.',
  },
  fault: {
    title: 'Something went wrong',
    text: 'That is our fault, not yours, and nothing was signed here. Try again in a moment.',
  },
  transactionTypes: {
    SignIn: 'Sign in',
    Payment: 'Payment',
    PaymentChannelAuthorize: 'Payment channel claim',
    PaymentChannelCreate: 'New payment channel',
    PaymentChannelFund: 'Payment channel top-up',
    PaymentChannelClaim: 'Payment channel claim',
    TrustSet: 'Trust line',
    OfferCreate: 'Exchange offer',
    OfferCancel: 'Cancel an exchange offer',
    AccountSet: 'Account settings',
    AccountDelete: 'Delete the account',
    SetRegularKey: 'Regular key',
    SignerListSet: 'Signer list',
    EscrowCreate: 'New escrow',
    EscrowFinish: 'Release an escrow',
    EscrowCancel: 'Cancel an escrow',
    CheckCreate: 'New check',
    CheckCash: 'Cash a check',
    CheckCancel: 'Cancel a check',
    DepositPreauth: 'Deposit permission',
    NFTokenMint: 'Mint a token',
    NFTokenBurn: 'Burn a token',
    NFTokenCreateOffer: 'Token offer',
    NFTokenAcceptOffer: 'Accept a token offer',
    NFTokenCancelOffer: 'Cancel a token offer',
    URITokenMint: 'Mint a token',
    URITokenBuy: 'Buy a token',
    Clawback: 'Claw back',
  },
  fields: {
    Account: 'Account',
    Amount: 'Amount',
    CancelAfter: 'Can be cancelled after',
    Channel: 'Channel',
    DeliverMin: 'At least delivered',
    Destination: 'To',
    DestinationTag: 'Destination tag',
    Expiration: 'Valid until',
    FinishAfter: 'Can be released after',
    InvoiceID: 'Invoice',
    LimitAmount: 'Limit',
    Memos: 'Memo',
    RegularKey: 'Regular key',
    SendMax: 'At most spent',
    SourceTag: 'Source tag',
    TakerGets: 'You give',
    TakerPays: 'You get',
  },
}

/** The words with what stands in braces filled in. */
export const fill = (words: string, values: Readonly<Record<string, string>>): string =>
  words.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole))
