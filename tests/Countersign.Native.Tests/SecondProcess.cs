namespace Countersign.Native.Tests;

/// <summary>A test whose claim needs a process of its own runs twice: here it starts this program with that test alone, there it does the work.</summary>
internal static class SecondProcess
{
    private const string Variable = "COUNTERSIGN_SECOND_PROCESS";

    public static bool IsThis => Environment.GetEnvironmentVariable(Variable) == "yes";

    /// <param name="variables"><c>NAME=VALUE</c>.</param>
    public static async Task Run(Type type, string method, params string[] variables)
    {
        var program = Environment.ProcessPath!;
        string[] itself = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [type.Assembly.Location] : [];
        var said = await CommandLine.Run("env", [$"{Variable}=yes", .. variables, program, .. itself, "-noColor", "-method", $"{type.FullName}.{method}"]);

        // Not the exit code: having become another user the runner may not be let into its own folder.
        said.Output.ShouldContain("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0,", customMessage: said.Both);
    }
}
