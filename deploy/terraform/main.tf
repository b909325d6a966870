# The system on Amazon ECS (Fargate): receivers behind a load balancer, workers on Redis, PostgreSQL.
# terraform init && terraform apply -var image=... -var certificate_arn=... -var vpc_id=... ...
# Only the receiver is public. Dagit has no login: reach it through a VPN or a tunnel at port 3000.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws    = { source = "hashicorp/aws", version = "~> 5.60" }
    random = { source = "hashicorp/random", version = "~> 3.6" }
  }
}

locals {
  name = "bg-orchestration"
  settings = {
    BG_PROVIDER             = var.provider_name
    BG_ARTIFACTS            = "s3://${aws_s3_bucket.artifacts.bucket}/artifacts"
    BG_RECEIVER_HOST        = "0.0.0.0"
    BG_RECEIVER_PORT        = "8080"
    BG_EXPORTER_HOST        = "0.0.0.0"
    BG_EXPORTER_PORT        = "9480"
    BG_DAILY_BUDGET_USD     = tostring(var.daily_budget_usd)
    BG_REFRESHES_PER_MINUTE = tostring(var.refreshes_per_minute)
    BG_REFRESH_CONCURRENCY  = tostring(var.workers)
  }
  secrets = {
    BG_DATABASE_URL      = "postgresql://bg:${random_password.postgres.result}@${aws_db_instance.postgres.endpoint}/bg?sslmode=require"
    DAGSTER_POSTGRES_URL = "postgresql://bg:${random_password.postgres.result}@${aws_db_instance.postgres.endpoint}/dagster?sslmode=require"
    BG_CELERY_BROKER     = "rediss://:${random_password.redis.result}@${aws_elasticache_replication_group.redis.primary_endpoint_address}:6379/0"
    BG_WEBHOOK_SECRETS   = var.webhook_secrets
    BG_SUPPRESSION_KEY   = random_password.suppression_key.result
  }
  # cpu: 1024 is one core; memory: MiB. docs/capacity.md has the arithmetic.
  services = {
    receiver = { command = ["bg", "receiver"], port = 8080, count = 2, cpu = 256, memory = 512 }
    exporter = { command = ["bg", "exporter"], port = 9480, count = 1, cpu = 256, memory = 512 }
    code = {
      command = ["dagster", "api", "grpc", "--module-name", "bg_orchestration.definitions", "--location-name", "bg_orchestration", "--host", "0.0.0.0", "--port", "4000"]
      port    = 4000, count = 1, cpu = 512, memory = 1024
    }
    daemon = { command = ["python", "-m", "bg_orchestration.ops.daemon", "/opt/dagster/home/workspace.yaml"], port = null, count = 1, cpu = 512, memory = 1024 }
    dagit  = { command = ["dagster-webserver", "--workspace", "/opt/dagster/home/workspace.yaml", "--host", "0.0.0.0", "--port", "3000"], port = 3000, count = 1, cpu = 512, memory = 1024 }
    worker = { command = ["bg", "worker", "--processes", "1"], port = null, count = var.workers, cpu = 512, memory = 1024 }
    # Not a service: run it with `aws ecs run-task` before and after new code; see README.md.
    upgrade = { command = ["bg", "db", "upgrade"], port = null, count = 0, cpu = 256, memory = 512 }
  }
  workspace = <<-YAML
    load_from:
      - grpc_server: {host: code.${local.name}.internal, port: 4000, location_name: bg_orchestration}
  YAML
}

resource "random_password" "postgres" {
  length  = 40
  special = false
}

resource "random_password" "redis" {
  length  = 40
  special = false
}

resource "random_password" "suppression_key" {
  length  = 48
  special = false
  # Another key makes the suppression list unreadable.
  lifecycle { prevent_destroy = true }
}

resource "aws_secretsmanager_secret" "setting" {
  for_each = toset(keys(local.secrets))
  name     = "${local.name}/${each.key}"
}

resource "aws_secretsmanager_secret_version" "setting" {
  for_each      = aws_secretsmanager_secret.setting
  secret_id     = each.value.id
  secret_string = local.secrets[each.key]
}

resource "aws_security_group" "parts" {
  name   = "${local.name}-parts"
  vpc_id = var.vpc_id
  ingress {
    description = "Between the parts"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    self        = true
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "public" {
  name   = "${local.name}-public"
  vpc_id = var.vpc_id
  ingress {
    description = "Senders of events"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = var.sender_cidr_blocks
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "receiver" {
  security_group_id            = aws_security_group.parts.id
  referenced_security_group_id = aws_security_group.public.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_db_subnet_group" "postgres" {
  name       = local.name
  subnet_ids = var.private_subnet_ids
}

resource "aws_db_instance" "postgres" {
  identifier                = local.name
  engine                    = "postgres"
  engine_version            = "17"
  instance_class            = var.postgres_class
  allocated_storage         = var.postgres_gib
  max_allocated_storage     = var.postgres_gib * 4
  storage_encrypted         = true
  db_name                   = "bg"
  username                  = "bg"
  password                  = random_password.postgres.result
  db_subnet_group_name      = aws_db_subnet_group.postgres.name
  vpc_security_group_ids    = [aws_security_group.parts.id]
  multi_az                  = true
  backup_retention_period   = 14
  deletion_protection       = true
  final_snapshot_identifier = "${local.name}-last"
}

resource "aws_elasticache_subnet_group" "redis" {
  name       = local.name
  subnet_ids = var.private_subnet_ids
}

# The queue of runs is small, and the sensor repeats runs that are lost with it.
resource "aws_elasticache_replication_group" "redis" {
  replication_group_id       = local.name
  description                = "Queue of runs"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  auth_token                 = random_password.redis.result
  subnet_group_name          = aws_elasticache_subnet_group.redis.name
  security_group_ids         = [aws_security_group.parts.id]
}

resource "aws_s3_bucket" "artifacts" {
  bucket_prefix = "${local.name}-"
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_role" "task" {
  for_each = toset(["execution", "task"])
  name     = "${local.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.task["execution"].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "secrets" {
  role = aws_iam_role.task["execution"].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = [for secret in aws_secretsmanager_secret.setting : secret.arn] }]
  })
}

resource "aws_iam_role_policy" "artifacts" {
  role = aws_iam_role.task["task"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = "${aws_s3_bucket.artifacts.arn}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.artifacts.arn },
    ]
  })
}

resource "aws_cloudwatch_log_group" "parts" {
  name              = "/ecs/${local.name}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "cluster" {
  name = local.name
}

resource "aws_service_discovery_private_dns_namespace" "internal" {
  name = "${local.name}.internal"
  vpc  = var.vpc_id
}

resource "aws_service_discovery_service" "part" {
  for_each = { for name, part in local.services : name => part if part.port != null }
  name     = each.key
  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.internal.id
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_ecs_task_definition" "part" {
  for_each                 = local.services
  family                   = "${local.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = aws_iam_role.task["execution"].arn
  task_role_arn            = aws_iam_role.task["task"].arn
  container_definitions = jsonencode([{
    name  = each.key
    image = var.image
    # The task has no files of ours: Dagster's come from two variables, which no secret is in.
    entryPoint   = ["sh", "-c", "printf %s \"$DAGSTER_YAML\" >$DAGSTER_HOME/dagster.yaml; printf %s \"$WORKSPACE_YAML\" >$DAGSTER_HOME/workspace.yaml; exec \"$@\"", "--"]
    command      = each.value.command
    stopTimeout  = 60
    environment  = [for key, value in merge(local.settings, { DAGSTER_YAML = file("${path.module}/../dagster.yaml"), WORKSPACE_YAML = local.workspace }) : { name = key, value = value }]
    secrets      = [for key, secret in aws_secretsmanager_secret.setting : { name = key, valueFrom = secret.arn }]
    portMappings = each.value.port == null ? [] : [{ containerPort = each.value.port }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = aws_cloudwatch_log_group.parts.name, awslogs-region = var.region, awslogs-stream-prefix = each.key }
    }
  }])
}

resource "aws_lb" "public" {
  name            = local.name
  subnets         = var.public_subnet_ids
  security_groups = [aws_security_group.public.id]
  # Shorter than BG_KEEP_ALIVE, so that the receiver never closes first.
  idle_timeout = 60
}

resource "aws_lb_target_group" "receiver" {
  name                 = local.name
  port                 = 8080
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = var.vpc_id
  deregistration_delay = 30
  health_check {
    path     = "/readyz"
    interval = 10
  }
}

resource "aws_lb_listener" "public" {
  load_balancer_arn = aws_lb.public.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

# The metrics and /readyz stay inside.
resource "aws_lb_listener_rule" "webhooks" {
  listener_arn = aws_lb_listener.public.arn
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.receiver.arn
  }
  condition {
    path_pattern { values = ["/api/webhooks/*", "/healthz"] }
  }
}

resource "aws_ecs_service" "part" {
  for_each        = { for name, part in local.services : name => part if part.count > 0 }
  name            = each.key
  cluster         = aws_ecs_cluster.cluster.id
  task_definition = aws_ecs_task_definition.part[each.key].arn
  desired_count   = each.value.count
  launch_type     = "FARGATE"
  # One daemon at a time: the old one stops first.
  deployment_minimum_healthy_percent = each.key == "daemon" ? 0 : 100
  deployment_maximum_percent         = each.key == "daemon" ? 100 : 200
  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [aws_security_group.parts.id]
  }
  dynamic "load_balancer" {
    for_each = each.key == "receiver" ? [1] : []
    content {
      target_group_arn = aws_lb_target_group.receiver.arn
      container_name   = each.key
      container_port   = each.value.port
    }
  }
  dynamic "service_registries" {
    for_each = each.value.port == null ? [] : [1]
    content { registry_arn = aws_service_discovery_service.part[each.key].arn }
  }
  depends_on = [aws_lb_listener_rule.webhooks]
}
