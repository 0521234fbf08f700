namespace Countersign.Configuration.Tests;

public sealed class InheritanceTests
{
    private static LocationPlan First(string inside) => Loading.Server(inside).Servers[0].Root.Children[0];

    [Fact]
    public void An_if_block_without_proxy_pass_has_its_locations()
    {
        var location = First("location / { if ($arg_a) { add_header A b; } proxy_pass http://127.0.0.1:81; }");

        location.Rewrite[0].ShouldBeOfType<IfStep>().Block!.ProxyPass!.Upstream.ShouldBe(location.ProxyPass!.Upstream);
    }

    [Fact]
    public void A_nested_location_has_no_proxy_pass_of_its_own() =>
        First("location /a { proxy_pass http://127.0.0.1:81; location /a/b { } }").Children[0].ProxyPass.ShouldBeNull();

    [Fact]
    public void Default_redirects_of_an_outer_location_count_in_a_nested_one()
    {
        var inner = First("location /a/ { proxy_pass http://127.0.0.1:81/x/; location /a/b/ { proxy_pass http://127.0.0.1:82/y/; } }").Children[0];

        inner.Proxy.Redirects!.ShouldHaveSingleItem().From!.Source.ShouldBe("http://127.0.0.1:81/x/");
    }

    [Fact]
    public void Redirects_that_are_off_outside_are_off_inside() =>
        First("proxy_redirect off; location / { proxy_pass http://127.0.0.1:81; }").Proxy.Redirects.ShouldBeNull();

    [Fact]
    public void A_header_timeout_belongs_to_the_timeout_it_stands_with()
    {
        var location = First("keepalive_timeout 5 6; location / { keepalive_timeout 7; }");

        location.Core.KeepaliveTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        location.Core.KeepaliveHeader.ShouldBeNull();
    }

    [Fact]
    public void Off_silences_the_other_conditions_of_proxy_next_upstream() =>
        First("location / { proxy_next_upstream error off; }").Proxy.NextUpstream.ShouldBe(NextUpstream.None);

    [Fact]
    public void An_access_log_that_is_off_is_off_for_the_blocks_within() =>
        First("access_log off; location / { }").Log.AccessLogs.ShouldBeEmpty();

    [Fact]
    public void An_upstream_keeps_32_idle_connections_where_nothing_is_said()
    {
        var upstream = Loading.Server("location / { proxy_pass http://127.0.0.1:81; }").Upstreams[0];

        (upstream.Keepalive, upstream.KeepaliveLocal).ShouldBe((32, true));
    }

    [Fact]
    public void The_question_mark_of_a_replacement_starts_its_arguments()
    {
        var rule = Loading.Server("rewrite ^/a(.*)$ /b$1?c=d?;").Servers[0].Rewrite[0].ShouldBeOfType<RewriteRuleStep>();

        rule.AddArguments.ShouldBeFalse();
        rule.Replacement.Parts.Count(part => part.StartsArguments).ShouldBe(1);
        rule.Replacement.Parts[1].Capture.ShouldBe(1);
    }

    [Fact]
    public void Own_statuses_of_nginx_go_out_as_400_unless_told_otherwise()
    {
        var pages = Loading.Server("error_page 495 404 /a; error_page 496 =403 /b;").Servers[0].Root.Core.ErrorPages;

        pages.Select(page => page.Overwrite).ShouldBe([400, -1, 403]);
    }

    [Fact]
    public void Paths_of_logs_are_under_the_prefix_and_those_of_certificates_beside_the_main_file()
    {
        var plan = Loading.Plan("error_log e.log warn; events { } http { server { ssl_crl c.pem; proxy_ssl_trusted_certificate t.pem; root r; } }");

        plan.Main.ErrorLogs.ShouldBe([new ErrorLogTarget("/usr/share/nginx/e.log", LogLevel.Warn)]);
        plan.Http!.Servers[0].Ssl.Crl.ShouldBe("/etc/nginx/c.pem");
        plan.Http.Servers[0].Root.Proxy.Ssl.TrustedCertificate.ShouldBe("/etc/nginx/t.pem");
        plan.Http.Servers[0].Root.Core.Root.Source.ShouldBe("/usr/share/nginx/r");
    }
}
