"""Models of two outcomes: trained, compared, promoted only when better, explained, scored and watched."""
