import type { VerifiedSignature } from '../src/ledger/verified-signature.ts'
import type { Actor, ResolutionContext, SigningDetails } from '../src/payload/lifecycle.ts'
import type { Payload } from '../src/payload/payload.ts'

/** A payment request that nobody opened, created at 0 and open until 60 s. */
export const aPayload = (changes: Partial<Payload> = {}): Payload => ({
  id: '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab',
  applicationId: '11111111-2222-4333-8444-555555555555',
  request: {
    template: { kind: 'transaction', transactionType: 'Payment', family: 'xrpl', json: { TransactionType: 'Payment' } },
    submit: true,
    multisign: false,
    pathfinding: false,
    pathfindingFallback: false,
    forceNetwork: null,
    signers: null,
    returnUrl: { app: null, web: null },
  },
  customMeta: { identifier: null, blob: null, instruction: null },
  createdAt: 0,
  expiresAt: 60_000,
  pushedTo: null,
  opens: [],
  preSignedAt: null,
  cancelledAt: null,
  outcome: null,
  dispatchReports: [],
  ledgerAnswer: null,
  ...changes,
})

export const anActor = (name: string, origin: Actor['origin'] = 'QR'): Actor => ({
  userId: name,
  deviceId: `${name}'s phone`,
  origin,
})

/** The brand says that it was verified; the pure lifecycle takes the word of the type. */
export const aSignature = {
  hex: 'AB',
  txid: 'CD',
  account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  signer: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  signerPublicKey: 'EF',
  multisignAccount: null,
} as unknown as VerifiedSignature

export const signingDetails: SigningDetails = { signMethod: 'PIN', environment: { nodeUri: null, nodeType: null } }

export const aContext: ResolutionContext = { callId: '99999999-2222-4333-8444-555555555555', userToken: null }
