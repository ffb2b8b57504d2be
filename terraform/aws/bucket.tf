# The bucket. No versioning: Tidemark itself keeps what a manifest names and deletes the rest after a delay, and noncurrent
# versions would only be paid for. No rule that expires or archives objects: what a manifest names must stay readable at once.

resource "aws_s3_bucket" "this" {
  count = var.existing_bucket == null ? 1 : 0

  bucket_prefix = "${var.name}-"
  force_destroy = var.force_destroy_bucket
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = var.existing_bucket == null ? 1 : 0

  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.existing_bucket == null ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.existing_bucket == null ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    id     = "abort-stale-uploads"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }
}
