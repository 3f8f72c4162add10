#!/usr/bin/env bash
# Cloud Run with Pub/Sub: files that arrive in a bucket are landed and computed.
# One instance: the warehouse is a file that one process holds. Its volume must keep SQLite's and
# DuckDB's locks, so it is NFS (Filestore) and no bucket; arrivals may be a bucket, they are only read.
set -euo pipefail
: "${PROJECT:?}" "${REGION:?}" "${IMAGE:?}" "${BUCKET:?}" "${NFS:?address of the server}" "${TOKENS:?name of a secret}"

number=$(gcloud projects describe "$PROJECT" --format='value(projectNumber)')
pusher=boxout-push@$PROJECT.iam.gserviceaccount.com
gcloud iam service-accounts create boxout-push --project "$PROJECT"

deploy() {  # $1: the audience of signed pushes, the service's own address
  gcloud run deploy boxout --project "$PROJECT" --region "$REGION" --image "$IMAGE" \
    --min-instances 1 --max-instances 1 --no-cpu-throttling --cpu 2 --memory 4Gi --timeout 600 \
    --no-allow-unauthenticated --port 8000 \
    --add-volume name=project,type=nfs,location="$NFS:/project" \
    --add-volume-mount volume=project,mount-path=/project \
    --add-volume name=arrivals,type=cloud-storage,bucket="$BUCKET",readonly=true \
    --add-volume-mount volume=arrivals,mount-path=/arrivals \
    --set-secrets BOXOUT_OPERATE_TOKENS="$TOKENS:latest" \
    --command boxout --args serve,--host,0.0.0.0,--port,8000,--files,/arrivals,--wait,60,--audience,"$1",--account,"$pusher"
}
# Where CPU is given only during a request, leave out --no-cpu-throttling and add --inline to the args.
deploy https://unknown.invalid
address=$(gcloud run services describe boxout --project "$PROJECT" --region "$REGION" --format='value(status.url)')
deploy "$address"
gcloud run services add-iam-policy-binding boxout --project "$PROJECT" --region "$REGION" \
  --member "serviceAccount:$pusher" --role roles/run.invoker

gcloud pubsub topics create arrivals dead-letters --project "$PROJECT"
gcloud pubsub subscriptions create dead-letters --topic dead-letters --project "$PROJECT"
gcloud storage buckets notifications create "gs://$BUCKET" --topic arrivals \
  --event-types OBJECT_FINALIZE --payload-format json
# Only what could not be kept (503) is sent again; after ten tries it goes to the dead letters.
gcloud pubsub subscriptions create boxout --topic arrivals --project "$PROJECT" \
  --push-endpoint "$address/process" --push-auth-service-account "$pusher" \
  --push-auth-token-audience "$address" --ack-deadline 60 \
  --min-retry-delay 10s --max-retry-delay 600s \
  --dead-letter-topic dead-letters --max-delivery-attempts 10
agent=serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com
gcloud pubsub topics add-iam-policy-binding dead-letters --project "$PROJECT" --member "$agent" --role roles/pubsub.publisher
gcloud pubsub subscriptions add-iam-policy-binding boxout --project "$PROJECT" --member "$agent" --role roles/pubsub.subscriber
