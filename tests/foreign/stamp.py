"""A time stamp over a text, verified by rfc3161-client with the certificate of the authority.

    stamp.py TEXT REPLY CERTIFICATE
"""

import sys

from cryptography import x509
from rfc3161_client import VerifierBuilder, decode_timestamp_response


def main(text_path, reply_path, certificate_path):
    with open(text_path, "rb") as file:
        text = file.read()
    with open(reply_path, "rb") as file:
        reply = decode_timestamp_response(file.read())
    with open(certificate_path, "rb") as file:
        certificate = x509.load_pem_x509_certificate(file.read())
    verifier = VerifierBuilder().tsa_certificate(certificate).add_root_certificate(certificate).build()
    if not verifier.verify_message(reply, text):
        sys.exit("not a time stamp of this text")
    print("good")


if __name__ == "__main__":
    main(*sys.argv[1:])
