"""How texts become words: tokenizers, sentences, stems and synonyms, each as its reference implementation has them."""
