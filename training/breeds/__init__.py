"""Training of an image classifier on a frozen or fine-tuned ResNet, for SageMaker, EC2 and a laptop alike."""
