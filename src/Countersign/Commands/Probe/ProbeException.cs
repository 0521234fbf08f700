namespace Countersign.Commands.Probe;

/// <summary>There is nothing to report on: nobody answers, or not by TLS.</summary>
internal sealed class ProbeException(string message, string next) : CommandException(message, next, ExitCode)
{
    /// <summary>As for a client that is refused.</summary>
    public const int ExitCode = 1;
}
