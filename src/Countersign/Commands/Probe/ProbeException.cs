namespace Countersign.Commands.Probe;

/// <summary>There is nothing to report on: nobody answers, or not by TLS.</summary>
/// <param name="next">What to type next.</param>
internal sealed class ProbeException(string message, string next) : Exception(message)
{
    /// <summary>As for a client that is refused.</summary>
    public const int ExitCode = 1;

    public string Next => next;
}
