namespace Countersign.Load;

/// <summary>A figure that would be taken under these circumstances would be wrong.</summary>
internal sealed class LoadException(string message) : Exception(message);
