import { encryptedVolumes } from "./compute/encrypted-volumes";
import { imdsv2 as computeImdsv2 } from "./compute/imdsv2";
import { noPublicIp } from "./compute/no-public-ip";
import { computeCeiling } from "./cost/compute-ceiling";
import { endpointCeiling } from "./cost/endpoint-ceiling";
import { endpointMaxCeiling } from "./cost/endpoint-max-ceiling";
import { instanceCeiling } from "./cost/instance-ceiling";
import { notebookCeiling } from "./cost/notebook-ceiling";
import { provisionedConcurrencyCeiling } from "./cost/provisioned-concurrency-ceiling";
import { provisionedConcurrencyMaxCeiling } from "./cost/provisioned-concurrency-max-ceiling";
import { scalingMaxSet } from "./cost/scaling-max-set";
import { scheduleTag } from "./cost/schedule-tag";
import { stackCeiling } from "./cost/stack-ceiling";
import { trainingJobCeiling } from "./cost/training-job-ceiling";
import { tuningJobCeiling } from "./cost/tuning-job-ceiling";
import { volumeCeiling } from "./cost/volume-ceiling";
import { asyncOutputKms as endpointAsyncOutputKms } from "./endpoint/async-output-kms";
import { captureKms as endpointCaptureKms } from "./endpoint/capture-kms";
import { constantVariantName as endpointConstantVariantName } from "./endpoint/constant-variant-name";
import { containerImagePinned as endpointContainerImagePinned } from "./endpoint/container-image-pinned";
import { dataCaptureValid as endpointDataCaptureValid } from "./endpoint/data-capture-valid";
import { immutableArtifact as endpointImmutableArtifact } from "./endpoint/immutable-artifact";
import { instanceMinimum as endpointInstanceMinimum } from "./endpoint/instance-minimum";
import { kms as endpointKms } from "./endpoint/kms";
import { modelInVpc as endpointModelInVpc } from "./endpoint/model-in-vpc";
import { networkIsolation as endpointNetworkIsolation } from "./endpoint/network-isolation";
import { noBurstableScaling as endpointNoBurstableScaling } from "./endpoint/no-burstable-scaling";
import { noFixedNames as endpointNoFixedNames } from "./endpoint/no-fixed-names";
import { noShellAccess as endpointNoShellAccess } from "./endpoint/no-shell-access";
import { rolloutAlarms as endpointRolloutAlarms } from "./endpoint/rollout-alarms";
import { rolloutValid as endpointRolloutValid } from "./endpoint/rollout-valid";
import { serverlessLimits as endpointServerlessLimits } from "./endpoint/serverless-limits";
import { startupTimeouts as endpointStartupTimeouts } from "./endpoint/startup-timeouts";
import { documentWellFormed } from "./iam/document-well-formed";
import { noAdminStatement } from "./iam/no-admin-statement";
import { noAdministratorAccess } from "./iam/no-administrator-access";
import { noBroadManagedPolicy } from "./iam/no-broad-managed-policy";
import { noPowerUserAccess } from "./iam/no-power-user-access";
import { noSagemakerAdminDocument } from "./iam/no-sagemaker-admin-document";
import { noSagemakerFullAccess } from "./iam/no-sagemaker-full-access";
import { noServiceWildcard } from "./iam/no-service-wildcard";
import { passRoleExact } from "./iam/pass-role-exact";
import { resourceStarOnlyWhereNeeded } from "./iam/resource-star-only-where-needed";
import { roleEffectivePermissions } from "./iam/role-effective-permissions";
import { singleManager } from "./iam/single-manager";
import { trustSourceAccount } from "./iam/trust-source-account";
import { failedEventsKept } from "./lambda/failed-events-kept";
import { notPublic } from "./lambda/not-public";
import { permissionSourceAccount } from "./lambda/permission-source-account";
import { provisionedOnAlias } from "./lambda/provisioned-on-alias";
import { provisionedWithinReserved } from "./lambda/provisioned-within-reserved";
import { supportedRuntime } from "./lambda/supported-runtime";
import { urlOrigins } from "./lambda/url-origins";
import { kms as logsKms } from "./logs/kms";
import { retention } from "./logs/retention";
import { defaultGroupClosed } from "./network/default-group-closed";
import { noOpenSsh } from "./network/no-open-ssh";
import { noPublicSubnets } from "./network/no-public-subnets";
import { idleStop as notebookIdleStop } from "./notebook/idle-stop";
import { imdsv2 as notebookImdsv2 } from "./notebook/imdsv2";
import { inVpc as notebookInVpc } from "./notebook/in-vpc";
import { kms as notebookKms } from "./notebook/kms";
import { lifecycleScript as notebookLifecycleScript } from "./notebook/lifecycle-script";
import { noDirectInternet as notebookNoDirectInternet } from "./notebook/no-direct-internet";
import { noRoot as notebookNoRoot } from "./notebook/no-root";
import { supportedPlatform as notebookSupportedPlatform } from "./notebook/supported-platform";
import type { Rule } from "./rule";
import { environment as secretsEnvironment } from "./secrets/environment";
import { hyperparameters as secretsHyperparameters } from "./secrets/hyperparameters";
import { lifecycleScripts } from "./secrets/lifecycle-scripts";
import { userData } from "./secrets/user-data";
import { aclsOff } from "./storage/acls-off";
import { bucketSettings } from "./storage/bucket-settings";
import { kms as storageKms } from "./storage/kms";
import { lifecycle as storageLifecycle } from "./storage/lifecycle";
import { logged as storageLogged } from "./storage/logged";
import { publicAccessBlocked } from "./storage/public-access-blocked";
import { tlsOnly } from "./storage/tls-only";
import { versioned as storageVersioned } from "./storage/versioned";
import { dataDistribution as trainingDataDistribution } from "./training/data-distribution";
import { imagePinned as trainingImagePinned } from "./training/image-pinned";
import { intercontainerEncryption as trainingIntercontainerEncryption } from "./training/intercontainer-encryption";
import { isolation as trainingIsolation } from "./training/isolation";
import { kms as trainingKms } from "./training/kms";
import { maxRuntime as trainingMaxRuntime } from "./training/max-runtime";
import { noShellAccess as trainingNoShellAccess } from "./training/no-shell-access";
import { outputEncrypted as trainingOutputEncrypted } from "./training/output-encrypted";
import { spotCheckpoints as trainingSpotCheckpoints } from "./training/spot-checkpoints";
import { tuningObjective as trainingTuningObjective } from "./training/tuning-objective";
import { tuningRanges as trainingTuningRanges } from "./training/tuning-ranges";
import { vpc as trainingVpc } from "./training/vpc";

/** The pack's rules, in the order in which they report. */
export const rules: readonly Rule[] = [
  noSagemakerFullAccess,
  noSagemakerAdminDocument,
  roleEffectivePermissions,
  noAdministratorAccess,
  noPowerUserAccess,
  noBroadManagedPolicy,
  noAdminStatement,
  noServiceWildcard,
  passRoleExact,
  documentWellFormed,
  resourceStarOnlyWhereNeeded,
  trustSourceAccount,
  singleManager,
  instanceCeiling,
  trainingJobCeiling,
  tuningJobCeiling,
  endpointCeiling,
  scalingMaxSet,
  endpointMaxCeiling,
  provisionedConcurrencyCeiling,
  provisionedConcurrencyMaxCeiling,
  notebookCeiling,
  computeCeiling,
  volumeCeiling,
  scheduleTag,
  stackCeiling,
  notebookNoDirectInternet,
  notebookInVpc,
  notebookNoRoot,
  notebookSupportedPlatform,
  notebookKms,
  notebookImdsv2,
  notebookIdleStop,
  notebookLifecycleScript,
  endpointNoFixedNames,
  endpointImmutableArtifact,
  endpointContainerImagePinned,
  endpointNetworkIsolation,
  endpointModelInVpc,
  endpointInstanceMinimum,
  endpointKms,
  endpointCaptureKms,
  endpointDataCaptureValid,
  endpointAsyncOutputKms,
  endpointConstantVariantName,
  endpointNoShellAccess,
  endpointServerlessLimits,
  endpointStartupTimeouts,
  endpointRolloutValid,
  endpointRolloutAlarms,
  endpointNoBurstableScaling,
  trainingMaxRuntime,
  trainingSpotCheckpoints,
  trainingIsolation,
  trainingVpc,
  trainingKms,
  trainingIntercontainerEncryption,
  trainingOutputEncrypted,
  trainingImagePinned,
  trainingNoShellAccess,
  trainingDataDistribution,
  trainingTuningObjective,
  trainingTuningRanges,
  encryptedVolumes,
  computeImdsv2,
  noPublicIp,
  defaultGroupClosed,
  noOpenSsh,
  noPublicSubnets,
  aclsOff,
  bucketSettings,
  storageKms,
  storageLifecycle,
  storageLogged,
  publicAccessBlocked,
  tlsOnly,
  storageVersioned,
  failedEventsKept,
  notPublic,
  permissionSourceAccount,
  provisionedOnAlias,
  provisionedWithinReserved,
  supportedRuntime,
  urlOrigins,
  logsKms,
  retention,
  secretsEnvironment,
  secretsHyperparameters,
  lifecycleScripts,
  userData,
];
