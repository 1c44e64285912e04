"""What the scripts beside this have in common: Terraform, told to ask a local AWS, and the blocks of the pages.

Needs Terraform 1.11 and version 5.100.0 of the AWS provider; TERRAFORM_MIRROR names a directory in the layout of a
filesystem mirror, where the registry cannot be asked.
"""
import json, os, pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVICES = ["cloudtrail", "cloudwatch", "events", "iam", "kms", "logs", "organizations", "s3", "s3control", "sns", "sts"]
VERSIONS = """terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
"""


def configured(text, url):
    """An example whose providers ask a local AWS alone. One that says nothing of Regions is deployed to eu-west-1."""
    endpoints = "\n".join(f'    {name} = "{url}"' for name in SERVICES)
    settings = f"""
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
  endpoints {{
{endpoints}
  }}
"""
    text = re.sub(r'^provider "aws" \{', 'provider "aws" {' + settings, text, flags=re.M)
    if not re.search(r'^provider "aws" \{(?:(?!^\}).)*$', text, re.M):
        text += '\nprovider "aws" {\n  region = "eu-west-1"' + settings + "}\n"
    return text


def tell(what, step, done):
    """Says why something went wrong."""
    lines = [line.strip(" │╷╵") for line in done.stderr.splitlines()]
    print(f"{what}: {step}: " + " ".join(line for line in lines if line)[:300], file=sys.stderr)


class Terraform:
    """A root module of one file, which is another each time."""

    def __init__(self, url):
        self.url = url
        self.work = pathlib.Path(tempfile.mkdtemp())
        self.folder = self.work / "root"
        self.folder.mkdir()
        self.environment = dict(os.environ, TF_DATA_DIR=str(self.work / "data"), CHECKPOINT_DISABLE="1")
        # Nothing but the local AWS is asked; a provider that is configured twice takes this one no second time.
        self.environment.pop("AWS_CA_BUNDLE", None)
        if "TERRAFORM_MIRROR" in os.environ:
            mirror = json.dumps(os.environ["TERRAFORM_MIRROR"])
            config = "provider_installation {\n  filesystem_mirror {\n    path = %s\n  }\n}\n" % mirror
            (self.work / "config").write_text(config)
            self.environment["TF_CLI_CONFIG_FILE"] = str(self.work / "config")
        self.text = ""
        self.server, self.reattach = None, {}
        self.write('provider "aws" {}')
        done = self.run("init", "-backend=false")
        if done.returncode:
            sys.exit(done.stderr)
        self.attach()

    def attach(self):
        """Starts the provider once for all runs, which is most of their time, where it is found."""
        for found in sorted(self.work.glob("data/providers/*/hashicorp/aws/*/*/terraform-provider-aws_*")):
            self.server = subprocess.Popen([found, "-debug"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                           env=self.environment, text=True)
            for line in self.server.stdout:
                told = re.search(r"TF_REATTACH_PROVIDERS='(.*)'", line)
                if told:
                    self.reattach = {"TF_REATTACH_PROVIDERS": told.group(1)}
                    return

    def write(self, text):
        """Another example, and nothing left of the last one."""
        self.text = text
        (self.folder / "versions.tf").write_text(VERSIONS)
        (self.folder / "main.tf").write_text(configured(text, self.url))
        for left in self.folder.glob("terraform.tfstate*"):
            left.unlink()

    def run(self, command, *arguments):
        # One process has one configuration: providers with an alias have their own.
        own = {} if "alias" in self.text else self.reattach
        general = ["-no-color"] if command in ["fmt", "show", "validate"] else ["-no-color", "-input=false"]
        return subprocess.run(["terraform", command, *general, *arguments], cwd=self.folder,
                              env=self.environment | own, capture_output=True, text=True)

    def end(self):
        if self.server:
            self.server.terminate()
        shutil.rmtree(self.work)
