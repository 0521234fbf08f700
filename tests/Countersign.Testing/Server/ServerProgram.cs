namespace Countersign.Testing;

/// <summary>A program that takes nginx's command line: nginx itself, or Countersign.</summary>
public sealed record ServerProgram(string Name, string? Path)
{
    /// <summary>Real nginx, from COUNTERSIGN_NGINX or the usual places.</summary>
    public static ServerProgram Nginx { get; } =
        new("nginx", Prerequisite.Find(Environment.GetEnvironmentVariable("COUNTERSIGN_NGINX") ?? "nginx"));

    /// <summary>The program of this repository, from COUNTERSIGN or where <c>./dev build</c> leaves it.</summary>
    public static ServerProgram Countersign { get; } = new("countersign", FindCountersign());

    /// <summary>True when COUNTERSIGN names the very nginx that is compared with: the tests are then tried against themselves.</summary>
    public bool IsNginx => Path is not null && Path == Nginx.Path;

    public string Require() => Path ?? throw Prerequisite.Missing(
        Name == "nginx" ? "nginx is not installed" : "countersign is not built: ./dev build, or name it in COUNTERSIGN");

    private static string? FindCountersign()
    {
        if (Environment.GetEnvironmentVariable("COUNTERSIGN") is { Length: > 0 } named)
        {
            return Prerequisite.Find(named);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = System.IO.Path.Combine(folder.FullName, "artifacts", "countersign", "countersign");
            if (File.Exists(built))
            {
                return built;
            }
        }

        return null;
    }
}
