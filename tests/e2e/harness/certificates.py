"""Certificates made on the spot: a root, an intermediate under it, and leaves as the cases need."""

import os
import subprocess

DAYS = "825"


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.strip()}")


class Authority:
    """A certificate authority. Files lie in its folder; `root` is what clients are to trust."""

    def __init__(self, folder, name):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.root = self._path("root.crt")
        self._make(
            "root", f"{name} root", signer=None, extensions=["basicConstraints=critical,CA:TRUE"]
        )
        self._make(
            "intermediate",
            f"{name} issuing",
            signer="root",
            extensions=["basicConstraints=critical,CA:TRUE,pathlen:0"],
        )

    def _path(self, name):
        return os.path.join(self.folder, name)

    def leaf(self, name, san, not_before=None, not_after=None, with_intermediate=True):
        """Issue for subjectAltName `san`. Returns (certificate chain file, key file).

        not_before, not_after: as openssl takes them, YYYYMMDDHHMMSSZ.
        """
        self._make(
            name,
            san.split(",")[0].split(":", 1)[1],
            signer="intermediate",
            extensions=[f"subjectAltName={san}", "extendedKeyUsage=serverAuth"],
            not_before=not_before,
            not_after=not_after,
        )
        chain = self._path(f"{name}.chain.crt")
        with open(chain, "w") as out:
            for part in [name] + (["intermediate"] if with_intermediate else []):
                with open(self._path(f"{part}.crt")) as certificate:
                    out.write(certificate.read())
        return chain, self._path(f"{name}.key")

    def _make(self, name, subject, signer, extensions, not_before=None, not_after=None):
        key, request, certificate = (self._path(f"{name}.{end}") for end in ("key", "csr", "crt"))
        _openssl(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            key,
            "-out",
            request,
            "-subj",
            f"/O=edgewalk test/CN={subject}",
        )
        config = self._path(f"{name}.ext")
        with open(config, "w") as out:
            out.write(
                "\n".join(
                    [
                        "[ca]",
                        "default_ca=own",
                        "[own]",
                        f"new_certs_dir={self.folder}",
                        f"database={self._path('index')}",
                        f"serial={self._path('serial')}",
                        "default_md=sha256",
                        "policy=any",
                        "unique_subject=no",
                        "[any]",
                        "O=optional",
                        "CN=optional",
                        "[wanted]",
                        "subjectKeyIdentifier=hash",
                        *extensions,
                        "",
                    ]
                )
            )
        open(self._path("index"), "a").close()
        issuer = signer or name
        dates = ["-startdate", not_before] if not_before else []
        dates += ["-enddate", not_after] if not_after else ["-days", DAYS]
        _openssl(
            "ca",
            "-batch",
            "-notext",
            "-config",
            config,
            "-extensions",
            "wanted",
            "-rand_serial",
            "-in",
            request,
            "-out",
            certificate,
            "-keyfile",
            self._path(f"{issuer}.key"),
            *(["-cert", self._path(f"{issuer}.crt")] if signer else ["-selfsign"]),
            *dates,
        )


def service_account_key(folder):
    path = os.path.join(folder, "service-account.key")
    _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
    return path
