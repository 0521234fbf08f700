namespace Countersign.Testing;

/// <summary>The curl program, quiet but for errors, reading no settings of the person who runs the tests.</summary>
public static class Curl
{
    public static Task<CommandResult> Run(params string[] arguments) =>
        CommandLine.Run("curl", ["--disable", "--silent", "--show-error", "--noproxy", "*", "--max-time", "15", .. arguments]);
}
