/** What an application that uses the SDK sends for one payment. */
export const payment = {
  txjson: {
    TransactionType: 'Payment',
    Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
    Amount: '1000000',
    DestinationTag: 495,
  },
  options: { submit: false, expire: 5, return_url: { web: 'https://shop.test/?id={id}' } },
  custom_meta: { instruction: 'Pay the order', blob: { order: 1 } },
}
